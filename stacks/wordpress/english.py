"""Texts that a screen shows whole where something isn't in French: none is also French, nor left so by the CMS itself."""

#: What the installer names in English: the seed gives it its French name.
NAMES = frozenset([
    "Hello world!", "Just another WordPress site", "My Site", "Privacy Policy", "Sample Page", "Uncategorized",
])  # fmt: skip
#: Words of the screens, which the pinned catalogue translates; that of another version may lack some.
SCREENS = frozenset([
    "About WordPress", "Activate", "Add Media", "Add New", "Add New Category", "Add New Media File", "Add New Page",
    "Add New Plugin", "Add New Post", "Add New Tag", "Add New User", "All Dates", "All Pages", "All Posts",
    "Allow Comments", "Alternative Text", "Appearance", "Apply", "Approve", "At a Glance", "Author",
    "Available Tools", "Bulk Actions", "Bulk actions", "Bulk Edit", "Cancel", "Cancel reply", "Categories",
    "Comments", "Contact Info", "Continue reading", "Customize", "Dashboard", "Deactivate", "Delete",
    "Delete Permanently", "Dismiss", "Display Name", "Draft", "Edit", "Edit Comment", "Edit Media", "Edit Page",
    "Edit Post", "Edit User", "Featured image", "File name", "File type", "First Name", "Help", "In response to",
    "Installed Plugins", "Last Name", "Leave a comment", "Leave a Reply", "Library", "Log In", "Log in", "Log Out",
    "Log out", "Mark as spam", "Media Library", "Move to Trash", "Name", "New Post", "Newer posts", "Next post",
    "Nickname", "Older posts", "Parent Category", "Password", "Pending", "Personal Options", "Post Comment", "Posts",
    "Preview", "Previous post", "Private", "Publish", "Published", "Quick Draft", "Quick Edit", "Read more",
    "Reading", "Recent Comments", "Recent Posts", "Reply", "Restore", "Role", "Save Changes", "Save Draft",
    "Scheduled", "Screen Options", "Search", "Search Media", "Search Pages", "Search Posts", "Select all", "Settings",
    "Sidebar", "Site Health", "Skip to content", "Submit", "Tags", "Themes", "Title", "Tools", "Trash", "Unapprove",
    "Uploaded to", "Username", "Users", "View", "View Post", "Visit Site", "Widgets Area", "Writing", "Your Profile",
])  # fmt: skip
