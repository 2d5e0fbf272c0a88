using GrainKube.ApiMachinery.Errors;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Volumes;

namespace GrainKube.Kubelet.Tests.Volumes;

public sealed class HostPathsTests : IDisposable
{
    private static readonly NodeOptions Node = new() { Name = "node-1", PodCidr = "", NodeIp = "" };
    private readonly string root = Directory.CreateDirectory($"/tmp/grainkube-hostpath-{Guid.NewGuid():N}").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void What_is_below_tmp_is_removed_and_a_link_without_what_it_leads_to()
    {
        var (data, kept) = (Path.Combine(root, "data"), Path.Combine(root, "kept"));
        Directory.CreateDirectory(Path.Combine(data, "deep"));
        Directory.CreateDirectory(kept);
        File.WriteAllText(Path.Combine(kept, "file"), "");
        File.CreateSymbolicLink(Path.Combine(data, "deep/link"), kept);
        File.CreateSymbolicLink(Path.Combine(root, "link"), kept);

        HostPaths.Remove(new NodeOptions { Name = "node-2", PodCidr = "", NodeIp = "", Simulated = true }, data);
        Assert.True(Directory.Exists(data));
        foreach (var path in new[] { data, data, Path.Combine(root, "link") })
        {
            HostPaths.Remove(Node, path);
        }

        Assert.Equal([kept], Directory.EnumerateFileSystemEntries(root));
        Assert.True(File.Exists(Path.Combine(kept, "file")));
    }

    [Theory]
    [InlineData("/srv/data")]
    [InlineData("/tmp/../srv/data")]
    [InlineData("/tmp/")]
    [InlineData("/tmp/.")]
    public void Nothing_else_is_removed(string path) =>
        Assert.Equal($"host_path deleter only supports /tmp/.+ but received provided {path}", Assert.Throws<ApiException>(() => HostPaths.Remove(Node, path)).Message);
}
