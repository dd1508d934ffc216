"""One hard week in Takatsuki, Osaka: real towns and schools, made-up households and donors."""
