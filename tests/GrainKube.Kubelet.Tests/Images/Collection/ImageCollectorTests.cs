using GrainKube.Kubelet.Images.Collection;
using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Pressure;
using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.Tests.Agent;
using GrainKube.Kubelet.Tests.Pressure;
using GrainKube.Kubelet.Volumes;
using k8s.Models;

namespace GrainKube.Kubelet.Tests.Images.Collection;

public sealed class ImageCollectorTests : IAsyncDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("grainkube-collector-").FullName;
    private readonly FakeFigures figures = new();
    private readonly EngineImages engine = new();
    private readonly ImagesAsVolumes volumes = new();
    private readonly TestNode node;
    private readonly ImageCollector collector;

    public ImageCollectorTests()
    {
        node = new TestNode(volumes, through: runtime => new SeenRuntime(runtime, engine), figures: figures, root: directory);
        node.Put("""{"apiVersion":"v1","kind":"Node","metadata":{"name":"node-1"}}""");
        collector = new ImageCollector(node.Agent.Services);
    }

    private static CancellationToken None => CancellationToken.None;

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_full_disk_loses_the_image_that_was_unused_for_longest_and_no_more_than_needed()
    {
        Pull("old", "used", "new");
        engine.Used.Add("used");
        node.Time.Advance(TimeSpan.FromMinutes(10));
        engine.Used.Add("new");
        await collector.CollectAsync(None);
        engine.Used.Remove("new");

        figures.FreeDisk = 15 * FakeFigures.Gigabyte;
        node.Time.Advance(TimeSpan.FromMinutes(5));
        await collector.CollectAsync(None);

        Assert.Equal(["new", "used"], engine.Ids);
        Assert.Empty(node.View.Events);
    }

    [Fact]
    public async Task What_others_brought_to_the_engine_stays_and_the_node_says_what_it_could_not_free()
    {
        engine.Add("built-here");
        Pull("shared");
        engine.Name("shared", "somebody/elses:1");
        figures.FreeDisk = 3 * FakeFigures.Gigabyte;
        node.Time.Advance(TimeSpan.FromMinutes(5));

        await collector.CollectAsync(None);
        await collector.CollectAsync(None);

        const string complaint = "Failed to garbage collect required amount of images. Attempted to free 18253611008 bytes, but only found 0 bytes eligible to free.";
        Assert.Equal(["built-here", "shared"], engine.Ids);
        Assert.Equal(
            [("FreeDiskSpaceFailed", complaint), ("FreeDiskSpaceFailed", complaint), ("ImageGCFailed", complaint)], node.View.Events.Select(e => (e.Reason, e.Message)));
    }

    [Fact]
    public async Task An_image_that_cannot_be_removed_does_not_keep_the_others()
    {
        Pull("stuck", "loose");
        engine.Stuck.Add("stuck");
        figures.FreeDisk = 0;
        node.Time.Advance(TimeSpan.FromMinutes(5));

        await collector.CollectAsync(None);

        Assert.Equal(["stuck"], engine.Ids);
    }

    [Fact]
    public async Task An_image_that_a_pod_has_as_a_volume_stays()
    {
        Pull("mounted", "loose");
        volumes.Images.Add("mounted");
        figures.FreeDisk = 0;
        node.Time.Advance(TimeSpan.FromMinutes(5));

        await collector.CollectAsync(None);

        Assert.Equal(["mounted"], engine.Ids);
    }

    [Fact]
    public async Task An_image_that_has_just_come_stays()
    {
        Pull("fresh");
        figures.FreeDisk = 0;

        await collector.RemoveUnusedAsync(None);
        Assert.Equal(["fresh"], engine.Ids);
        node.Time.Advance(TimeSpan.FromMinutes(2));
        await collector.RemoveUnusedAsync(None);

        Assert.Empty(engine.Ids);
        Assert.Empty(node.Agent.Services.Pulled.All());
    }

    private void Pull(params string[] ids)
    {
        foreach (var id in ids)
        {
            engine.Add(id);
            node.Agent.Services.Pulled.Pulled(id, null, [$"{id}:1"], node.Time.GetUtcNow());
        }
    }

    /// <summary>Volumes of which only the images count.</summary>
    private sealed class ImagesAsVolumes : IPodVolumes
    {
        private readonly NoVolumes none = new();

        public HashSet<string> Images { get; } = [];

        public IReadOnlySet<string> ImagesInUse() => Images;

        public Task MountAsync(PodContext pod, CancellationToken cancel) => none.MountAsync(pod, cancel);

        public Task PrepareAsync(PodContext pod, V1Container container, CancellationToken cancel) => none.PrepareAsync(pod, container, cancel);

        public IReadOnlyList<ContainerMount> MountsOf(PodContext pod, V1Container container, int attempt, IReadOnlyDictionary<string, string> environment) => [];

        public string? ReadFile(PodContext pod, string volume, string path) => null;

        public IReadOnlyDictionary<string, DiskUse> EmptyDirUse(string podUid, V1PodSpec spec) => none.EmptyDirUse(podUid, spec);

        public Task<string> ReadTerminationMessageAsync(ContainerState container, CancellationToken cancel) => none.ReadTerminationMessageAsync(container, cancel);

        public Task RemoveAsync(string podUid, CancellationToken cancel) => Task.CompletedTask;

        public IReadOnlyList<string> PodsWithFiles() => [];
    }

    /// <summary>Images of five gigabytes each.</summary>
    private sealed class EngineImages : IImages
    {
        private readonly SortedDictionary<string, List<string>> images = new(StringComparer.Ordinal);

        public HashSet<string> Used { get; } = [];

        public HashSet<string> Stuck { get; } = [];

        public IReadOnlyList<string> Ids => [.. images.Keys];

        public void Add(string id) => images[id] = [$"{id}:1"];

        public void Name(string id, string name) => images[id].Add(name);

        public Task<ImageInfo?> GetAsync(string reference, CancellationToken cancel) => throw new NotSupportedException();

        public Task<ImageInfo> PullAsync(string reference, RegistryCredentials? credentials, CancellationToken cancel) => throw new NotSupportedException();

        public Task<IReadOnlyList<ImageInfo>> ListAsync(CancellationToken cancel) =>
            Task.FromResult<IReadOnlyList<ImageInfo>>([.. images.Select(i => new ImageInfo(i.Key, i.Value, [], 5 * FakeFigures.Gigabyte, ""))]);

        public Task UnpackAsync(string id, string directory, CancellationToken cancel) => throw new NotSupportedException();

        public Task<IReadOnlySet<string>> InUseAsync(CancellationToken cancel) => Task.FromResult<IReadOnlySet<string>>(Used);

        public Task RemoveAsync(string id, CancellationToken cancel)
        {
            if (Stuck.Contains(id))
            {
                throw new RuntimeException(RuntimeError.Other, "conflict: image has dependent child images");
            }

            images.Remove(id);
            return Task.CompletedTask;
        }
    }
}
