import { page } from "blocks";
page.base = "/";
