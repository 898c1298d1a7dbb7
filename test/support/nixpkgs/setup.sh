# What a builder starts with, and a shell of `nix develop`. What is first in a list is found first.
found=
for input in ${nativeBuildInputs:-} ${buildInputs:-}; do
  if [ -d "$input/bin" ]; then found="$found$input/bin:"; fi
done
export PATH="$found$PATH"
unset input found
runHook() { eval "${!1:-}"; }
