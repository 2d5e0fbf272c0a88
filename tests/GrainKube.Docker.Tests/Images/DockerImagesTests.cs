using GrainKube.Docker.Tests.Engine;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Tests.Images;

public sealed class DockerImagesTests(EngineFixture engine) : IClassFixture<EngineFixture>
{
    private IImages Images => engine.Runtime.Images;

    [Fact]
    public async Task A_present_image_tells_its_facts_by_name_and_by_id()
    {
        var image = await Images.GetAsync(EngineFixture.Busybox, CancellationToken.None);

        Assert.Equal((engine.ImageId, "7:8"), (image!.Id, image.User));
        Assert.Contains(EngineFixture.Busybox, image.Tags);
        Assert.True(image.SizeBytes > 100_000);
        Assert.Equal(image.Id, (await Images.GetAsync(image.Id, CancellationToken.None))!.Id);
        Assert.Contains(await Images.ListAsync(CancellationToken.None), listed => listed.Id == image.Id && listed.Tags.Contains(EngineFixture.Busybox));
    }

    [Fact]
    public async Task An_absent_image_is_null_and_removing_it_no_error()
    {
        Assert.Null(await Images.GetAsync("grainkube.local/absent:1", CancellationToken.None));
        await Images.RemoveAsync("grainkube.local/absent:1", CancellationToken.None);
    }

    [Fact]
    public async Task An_image_is_pulled_by_tag_and_by_digest_with_credentials_and_removed()
    {
        await using var registry = new LocalRegistry(await ArchitectureAsync(), "user", "secret");
        var credentials = new RegistryCredentials(registry.Host, "user", "secret");

        var byTag = await Images.PullAsync($"{registry.Host}/team/app:v1", credentials, CancellationToken.None);
        var byDigest = await Images.PullAsync($"{registry.Host}/team/app@{registry.ManifestDigest}", credentials, CancellationToken.None);
        await Images.RemoveAsync(byTag.Id, CancellationToken.None);

        Assert.Equal(byTag.Id, byDigest.Id);
        Assert.Equal("nobody", byTag.User);
        Assert.Equal([$"{registry.Host}/team/app:v1"], byTag.Tags);
        Assert.Equal([$"{registry.Host}/team/app@{registry.ManifestDigest}"], byTag.Digests);
        Assert.Null(await Images.GetAsync(byTag.Id, CancellationToken.None));
    }

    [Fact]
    public async Task A_pull_fails_with_the_engines_words()
    {
        await using var registry = new LocalRegistry(await ArchitectureAsync(), "user", "secret");
        async Task<RuntimeException> FailAsync(string reference, RegistryCredentials? credentials) =>
            await Assert.ThrowsAsync<RuntimeException>(() => Images.PullAsync(reference, credentials, CancellationToken.None));

        var refused = await FailAsync($"{registry.Host}/team/app:v1", null);
        var absent = await FailAsync($"{registry.Host}/team/app:v2", new RegistryCredentials(registry.Host, "user", "secret"));
        var unreachable = await FailAsync("127.0.0.1:1/team/app:v1", null);

        Assert.All([refused, absent, unreachable], error => Assert.Equal(RuntimeError.ImagePull, error.Error));
        Assert.Contains("no basic auth credentials", refused.Message);
        Assert.Contains("manifest unknown", absent.Message);
        Assert.Contains("connection refused", unreachable.Message);
    }

    [Fact]
    public async Task The_files_of_an_image_are_laid_down_with_their_links_and_modes()
    {
        var directory = Directory.CreateTempSubdirectory("grainkube-image-").FullName;
        try
        {
            await Images.UnpackAsync(engine.ImageId, directory, CancellationToken.None);

            Assert.Equal("busybox", new FileInfo(Path.Combine(directory, "bin/sh")).LinkTarget);
            Assert.Equal(File.ReadAllBytes("/bin/busybox"), File.ReadAllBytes(Path.Combine(directory, "bin/busybox")));
            Assert.Equal((UnixFileMode)0b110_100_100, File.GetUnixFileMode(Path.Combine(directory, "etc/passwd")));
            Assert.Equal((UnixFileMode)0b1_111_111_111, File.GetUnixFileMode(Path.Combine(directory, "tmp")));
            Assert.False(File.Exists(Path.Combine(directory, ".dockerenv")));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private async Task<string> ArchitectureAsync() => (await engine.Runtime.GetInfoAsync(CancellationToken.None)).Architecture;
}
