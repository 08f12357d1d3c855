; require "a"; other calls are passed over
(program
  (call) @import.require @import)
