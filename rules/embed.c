const int rule_files_placeholder = 0;
