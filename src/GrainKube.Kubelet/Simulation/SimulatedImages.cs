using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using GrainKube.Kubelet.Images;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Simulation;

/// <summary>Every image is present, except those of a registry that cannot exist: a host below <c>.invalid</c> (RFC 2606).</summary>
internal sealed class SimulatedImages(SimulatedState state) : IImages
{
    private readonly ConcurrentDictionary<string, ImageInfo> known = new(StringComparer.Ordinal);

    public Task<ImageInfo?> GetAsync(string reference, CancellationToken cancel) =>
        Task.FromResult(IsUnreachable(reference) ? null : known.GetOrAdd(reference, Make));

    public async Task<ImageInfo> PullAsync(string reference, RegistryCredentials? credentials, CancellationToken cancel) =>
        await GetAsync(reference, cancel)
        ?? throw new RuntimeException(RuntimeError.ImagePull, $"failed to resolve reference \"{reference}\": lookup {ImageReference.RegistryOf(reference)}: no such host");

    public Task<IReadOnlyList<ImageInfo>> ListAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<ImageInfo>>([.. known.Values]);

    /// <summary>A simulated image has no files.</summary>
    public Task UnpackAsync(string id, string directory, CancellationToken cancel) => Task.CompletedTask;

    public Task<IReadOnlySet<string>> InUseAsync(CancellationToken cancel)
    {
        lock (state.Gate)
        {
            return Task.FromResult<IReadOnlySet<string>>(state.Containers.Values.Select(c => c.State.ImageId).ToHashSet(StringComparer.Ordinal));
        }
    }

    public Task RemoveAsync(string id, CancellationToken cancel)
    {
        foreach (var (reference, image) in known)
        {
            if (image.Id == id)
            {
                known.TryRemove(reference, out _);
            }
        }

        return Task.CompletedTask;
    }

    private static bool IsUnreachable(string reference) =>
        ImageReference.RegistryOf(reference).Split(':')[0].EndsWith(".invalid", StringComparison.Ordinal);

    private static ImageInfo Make(string reference)
    {
        var digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(reference)))}";
        return new ImageInfo(digest, [reference], [$"{ImageReference.RepositoryOf(reference)}@{digest}"], 0, "");
    }
}
