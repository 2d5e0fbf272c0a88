using GrainKube.Kubelet.Images;
using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.Tests.Agent;

namespace GrainKube.Kubelet.Tests.Images;

public sealed class ImageSourceTests : IAsyncDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("grainkube-source-").FullName;
    private readonly Registry registry = new();
    private readonly TestNode node;

    public ImageSourceTests() => node = new TestNode(through: runtime => new SeenRuntime(runtime, registry), root: directory);

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData("web:1", "web:1")]
    [InlineData("web", "web:latest")]
    [InlineData("docker.io/library/web:1", "web:1")]
    [InlineData("index.docker.io/team/web", "team/web:latest")]
    [InlineData("registry.example:5000/web", "registry.example:5000/web:latest")]
    [InlineData("web:1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "")]
    public void A_pull_gives_an_image_the_name_that_engines_give_it(string reference, string name) => Assert.Equal(name, ImageReference.TagOf(reference));

    [Fact]
    public async Task What_was_not_there_is_this_nodes_after_a_pull_and_what_was_there_stays_somebody_elses()
    {
        registry.Tags["shared:1"] = ["built:here", "shared:1"];
        registry.Present["old:1"] = "old:1";
        foreach (var reference in new[] { "docker.io/library/new:1", "shared:1", "old:1" })
        {
            var pod = await node.PodAsync($$"""{"containers":[{"name":"web","image":"{{reference}}","imagePullPolicy":"Always"}]}""", $$"""{"uid":"{{reference.GetHashCode(StringComparison.Ordinal)}}"}""", ip: "");
            await ImageSource.EnsureAsync(pod, WantedImage.Of(pod.Spec.Containers[0]), CancellationToken.None);
        }

        var ours = Assert.Single(node.Agent.Services.Pulled.All());
        Assert.Equal("id of new:1", ours.Key);
        Assert.Equal(["new:1"], ours.Value.Names);
    }

    /// <summary>A registry that has everything, behind an engine that is never asked for all it has.</summary>
    private sealed class Registry : IImages
    {
        public Dictionary<string, IReadOnlyList<string>> Tags { get; } = [];

        public Dictionary<string, string> Present { get; } = [];

        public Task<ImageInfo?> GetAsync(string reference, CancellationToken cancel) => Task.FromResult(Present.ContainsKey(reference) ? Of(reference) : null);

        public Task<ImageInfo> PullAsync(string reference, RegistryCredentials? credentials, CancellationToken cancel) => Task.FromResult(Of(reference));

        public Task<IReadOnlyList<ImageInfo>> ListAsync(CancellationToken cancel) => throw new NotSupportedException();

        public Task UnpackAsync(string id, string directory, CancellationToken cancel) => throw new NotSupportedException();

        public Task<IReadOnlySet<string>> InUseAsync(CancellationToken cancel) => throw new NotSupportedException();

        public Task RemoveAsync(string id, CancellationToken cancel) => throw new NotSupportedException();

        private ImageInfo Of(string reference)
        {
            var tag = ImageReference.TagOf(reference);
            return new ImageInfo($"id of {tag}", Tags.GetValueOrDefault(tag, [tag]), [], 0, "");
        }
    }
}
