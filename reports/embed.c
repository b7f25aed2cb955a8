const int report_files_placeholder = 0;
