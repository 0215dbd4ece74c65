package jsworker

import (
	"fmt"
	"os"
	"testing"
)

func TestHostModule(t *testing.T) {
	s := start(t, `import * as rip from "rip";
export default (request: Request) => {
  const dir = decodeURIComponent(new URL(request.url).search.slice(1));
  rip.mkdir(dir + "/a/b");
  rip.writeFile(dir + "/a/b/file", "one ");
  rip.appendFile(dir + "/a/b/file", new TextEncoder().encode("two"));
  rip.rename(dir + "/a/b/file", dir + "/a/file");
  const text = rip.readText(dir + "/a/file");
  const { size, isFile, isDirectory } = rip.stat(dir + "/a/file")!;
  let error = "";
  try { rip.readFile(dir + "/none"); } catch (e) { error = (e as Error).message; }
  rip.remove(dir + "/a");
  return Response.json([rip.pid, rip.env.COLOR, text, size, isFile, isDirectory, error, rip.stat(dir + "/a"), rip.cpuTime() > 0]);
};`)
	dir := t.TempDir()
	want := fmt.Sprintf(`[%d,"green","one two",7,true,false,"open %s/none: no such file or directory",null,true]`, os.Getpid(), dir)
	if got := s.get("/?" + dir); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
