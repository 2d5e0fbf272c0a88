using System.Collections.Concurrent;
using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.Tests.Agent;
using GrainKube.Kubelet.Volumes;

namespace GrainKube.Kubelet.Tests.Volumes;

public sealed class ImageVolumesTests : IAsyncLifetime
{
    private readonly string root = Directory.CreateTempSubdirectory("grainkube-images-").FullName;
    private readonly UnpackedImages engine = new();
    private readonly TestNode node;
    private readonly PodDirectories directories;

    public ImageVolumesTests()
    {
        node = new TestNode(through: runtime => new SeenRuntime(runtime, engine));
        directories = new PodDirectories(root);
    }

    private static CancellationToken None => CancellationToken.None;

    private IReadOnlyList<string> Kept => Directory.Exists(directories.Images) ? [.. Directory.EnumerateFileSystemEntries(directories.Images).Select(e => Path.GetFileName(e)).Order()] : [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task Pods_that_come_at_once_share_one_copy_which_goes_with_the_last_of_them()
    {
        var images = new ImageVolumes(directories);
        var (one, two) = (await PodAsync("one", "model:1"), await PodAsync("two", "model:1", "10.9.0.3"));
        await Task.WhenAll(images.EnsureAsync(one, one.Spec.Volumes[0], None), images.EnsureAsync(two, two.Spec.Volumes[0], None));

        Assert.Equal(["id:model:1"], engine.Unpacked);
        Assert.Equal(images.PathOf(one.Uid, "v"), images.PathOf(two.Uid, "v"));
        Assert.Equal("id:model:1", File.ReadAllText(Path.Combine(images.PathOf(one.Uid, "v"), "file")));
        Assert.Equal(["id:model:1"], images.InUse());

        await RemoveAsync(images, one);
        Assert.True(File.Exists(Path.Combine(images.PathOf(two.Uid, "v"), "file")));
        await RemoveAsync(images, two);
        Assert.Empty(Kept);
        Assert.Empty(images.InUse());
    }

    [Fact]
    public async Task A_name_that_leads_to_another_image_meanwhile_changes_nothing_for_who_has_the_first()
    {
        var images = new ImageVolumes(directories);
        var (one, two) = (await PodAsync("one", "model:1"), await PodAsync("two", "model:1", "10.9.0.3"));
        await images.EnsureAsync(one, one.Spec.Volumes[0], None);
        engine.Ids["model:1"] = "id:newer";
        await images.EnsureAsync(one, one.Spec.Volumes[0], None);
        await images.EnsureAsync(two, two.Spec.Volumes[0], None);

        Assert.Equal("id:model:1", File.ReadAllText(Path.Combine(images.PathOf(one.Uid, "v"), "file")));
        Assert.Equal("id:newer", File.ReadAllText(Path.Combine(images.PathOf(two.Uid, "v"), "file")));
    }

    [Fact]
    public async Task What_a_kubelet_left_half_done_is_done_or_removed_by_the_next()
    {
        var pod = await PodAsync("one", "model:1");
        engine.Fails = true;
        var failed = await Assert.ThrowsAsync<VolumeException>(() => new ImageVolumes(directories).EnsureAsync(pod, pod.Spec.Volumes[0], None));
        Assert.Equal("failed to mount image \"model:1\": no space left on device", failed.Message);
        Directory.CreateDirectory(Path.Combine(directories.Images, "id%3Anobody"));
        File.WriteAllText(Path.Combine(directories.Images, "id%3Anobody.unfinished.tar"), "half");
        engine.Fails = false;

        var next = new ImageVolumes(directories);
        Assert.Equal(["id:model:1"], next.InUse());
        await next.EnsureAsync(pod, pod.Spec.Volumes[0], None);

        Assert.Equal("id:model:1", File.ReadAllText(Path.Combine(next.PathOf(pod.Uid, "v"), "file")));
        Assert.Equal(["id%3Amodel%3A1"], Kept);
    }

    private static async Task RemoveAsync(ImageVolumes images, PodContext pod)
    {
        Directory.Delete(Path.GetFullPath(Path.Combine(images.PathOf(pod.Uid, "v"), "../../pods", pod.Uid)), recursive: true);
        await images.SweepAsync(isDue: true, None);
    }

    private Task<PodContext> PodAsync(string name, string image, string ip = "10.9.0.2") => node.PodAsync(
        $$"""{"containers":[{"name":"web","image":"nginx","volumeMounts":[{"name":"v","mountPath":"/v"}]}],"volumes":[{"name":"v","image":{"reference":"{{image}}"} }]}""", $$"""{"uid":"{{name}}"}""", ip);

    /// <summary>Every image is there; its only file tells its id.</summary>
    private sealed class UnpackedImages : IImages
    {
        public ConcurrentQueue<string> Unpacked { get; } = new();

        public ConcurrentDictionary<string, string> Ids { get; } = new();

        public bool Fails { get; set; }

        public Task<ImageInfo?> GetAsync(string reference, CancellationToken cancel) =>
            Task.FromResult<ImageInfo?>(new ImageInfo(Ids.GetValueOrDefault(reference, $"id:{reference}"), [reference], [], 0, ""));

        public async Task UnpackAsync(string id, string directory, CancellationToken cancel)
        {
            Unpacked.Enqueue(id);
            await File.WriteAllTextAsync(Path.Combine(directory, "file"), id, cancel);
            if (Fails)
            {
                throw new IOException("no space left on device");
            }
        }

        public Task<ImageInfo> PullAsync(string reference, RegistryCredentials? credentials, CancellationToken cancel) => throw new NotSupportedException();

        public Task<IReadOnlyList<ImageInfo>> ListAsync(CancellationToken cancel) => throw new NotSupportedException();

        public Task<IReadOnlySet<string>> InUseAsync(CancellationToken cancel) => throw new NotSupportedException();

        public Task RemoveAsync(string id, CancellationToken cancel) => throw new NotSupportedException();
    }
}
