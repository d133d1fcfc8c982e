"""Parts of the page 设置. A part is a panel of one group; it reads itself, changes in place and can be found."""
