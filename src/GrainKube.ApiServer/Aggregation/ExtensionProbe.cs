using System.Security.Cryptography;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Admission;
using GrainKube.ApiServer.Proxying;
using GrainKube.Objects.Aggregation;
using k8s.Models;

namespace GrainKube.ApiServer.Aggregation;

/// <inheritdoc/>
internal sealed class ExtensionProbe(ExtensionConnections connections, IObjectReader objects) : IExtensionProbe
{
    private const int AtOnce = 5;

    public async Task<string?> ProbeAsync(KubeObject apiService, CancellationToken cancel)
    {
        var api = ExtensionApi.Of(apiService);
        var target = api.Target ?? throw new ArgumentException("The APIService names no service", nameof(apiService));
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var tries = Enumerable.Range(0, AtOnce).Select(_ => TryAsync(api, target, enough.Token)).ToList();
        string? last = null;
        while (tries.Count > 0)
        {
            var ended = await Task.WhenAny(tries);
            tries.Remove(ended);
            last = await ended;
            if (last is null)
            {
                break;
            }
        }

        await enough.CancelAsync();
        await Task.WhenAll(tries.Cast<Task>()).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
        return last;
    }

    private async Task<string?> TryAsync(ExtensionApi api, ExtensionTarget target, CancellationToken cancel)
    {
        var path = api.Group.Length == 0 ? $"/api/{api.Version}" : $"/apis/{api.Group}/{api.Version}";
        var url = $"https://{AddressOf(target)}:{target.Service.Port}{path}";
        try
        {
            var answer = await connections.GetAsync(target, path, "application/json", cancel);
            return (int)answer.Code is >= 200 and < 300 ? null : $"failing or missing response from {url}: bad status from {url}: {(int)answer.Code}";
        }
        catch (HttpRequestException failed)
        {
            return $"failing or missing response from {url}: Get \"{url}\": {ConnectionFailures.Words(failed)}";
        }
        catch (CryptographicException malformed)
        {
            return $"unable to load root certificates: {malformed.Message}";
        }
    }

    /// <summary>As upstream's messages have it: the service's address, or its name where it has none.</summary>
    private string AddressOf(ExtensionTarget target) =>
        objects.Get(new ObjectKey("", "services", target.Service.Namespace, target.Service.Name))?.As<V1Service>().Spec.ClusterIP is { Length: > 0 } address && address != "None"
            ? address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address
            : target.ServerName;
}
