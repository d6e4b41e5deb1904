"""The smallest page with Streamlit: streamlit run hello_streamlit.py.

A form, so that the click sends what was typed. The script that clicks finds the parts by the classes of their keys.
"""

from __future__ import annotations

import streamlit as st

with st.form("hello", border=False):
    with st.container(key="in"):
        name = st.text_input("Name")
    with st.container(key="btn"):
        clicked = st.form_submit_button("Greet")
with st.container(key="out"):
    st.text_input("Greeting", value=f"Hello {name}!" if clicked else "")
