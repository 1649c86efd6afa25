{{ site_pages(source('lake', 'leadership_pages__pages')) }}
