"""What makes an app one that can be installed: its manifest, icons, service worker and offline notice.

Interface: `views`.
"""
