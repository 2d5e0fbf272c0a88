using System.Collections.Concurrent;
using GrainKube.ApiMachinery.Errors;
using GrainKube.Kubelet.Pods;
using k8s.Models;

namespace GrainKube.Kubelet.Volumes;

/// <summary>Service-account tokens of pods on this node, issued anew at four fifths of their life.</summary>
internal sealed class PodTokens(ITokenSource source)
{
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestUse = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<(string PodUid, string Volume, string Path), (string Token, DateTimeOffset RefreshAt)> issued = new();

    public async Task<(string Token, DateTimeOffset RefreshAt)> GetAsync(PodContext pod, string volume, V1ServiceAccountTokenProjection wanted, CancellationToken cancel)
    {
        var key = (pod.Uid, volume, wanted.Path);
        if (issued.TryGetValue(key, out var present) && present.RefreshAt > pod.Now)
        {
            return present;
        }

        var lifetime = wanted.ExpirationSeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : DefaultLifetime;
        var request = new TokenRequest(
            pod.Object.Key.Namespace, pod.Spec.ServiceAccountName ?? "default", wanted.Audience ?? "", lifetime, pod.Object.Key.Name, pod.Object.Header.Uid, pod.Node.Options.Name);
        var made = await IssueAsync(request, cancel);
        var use = (made.ExpiresAt - pod.Now) * 0.8;
        var result = (made.Token, pod.Now + (use < LongestUse ? use : LongestUse));
        issued[key] = result;
        return result;
    }

    private async Task<IssuedToken> IssueAsync(TokenRequest request, CancellationToken cancel)
    {
        try
        {
            return await source.IssueAsync(request, cancel);
        }
        catch (ApiException refused)
        {
            throw new VolumeException($"failed to fetch token: {refused.Message}", refused);
        }
    }

    public void Forget(string podUid)
    {
        foreach (var key in issued.Keys.Where(k => k.PodUid == podUid))
        {
            issued.TryRemove(key, out _);
        }
    }
}
