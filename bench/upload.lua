-- Makes wrk send a POST with a body of that many bytes:
--   wrk … URL -s bench/upload.lua -- BYTES
function init(args)
   wrk.method = "POST"
   wrk.body = string.rep("x", tonumber(args[1]))
   wrk.headers["Content-Type"] = "application/octet-stream"
end
