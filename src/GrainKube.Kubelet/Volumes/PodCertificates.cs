using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.Pods;
using GrainKube.Resources.Certificates;
using k8s.Models;

namespace GrainKube.Kubelet.Volumes;

/// <summary>Certificates of pods on this node: asked for with a PodCertificateRequest, and again when their signer says it is time.</summary>
internal sealed class PodCertificates(TimeProvider time)
{
    private const string ApiVersion = "certificates.k8s.io/v1";
    private const string Kind = "PodCertificateRequest";

    /// <summary>How long a pod that has no certificate yet waits at a stretch; after that it says so and tries again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How often a pod that has one yet looks for the next.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(string PodUid, string Volume, string Path), PodCertificate> issued = new();
    private readonly ConcurrentDictionary<(string PodUid, string Volume, string Path), (ObjectKey Request, string Key)> pending = new();

    /// <exception cref="VolumeException">It is refused, or not there yet.</exception>
    public async Task<PodCertificate> GetAsync(PodContext pod, string volume, V1PodCertificateProjection wanted, CancellationToken cancel)
    {
        var place = (pod.Uid, volume, string.Join(':', wanted.CredentialBundlePath, wanted.KeyPath, wanted.CertificateChainPath));
        var present = issued.GetValueOrDefault(place);
        if (present is not null && present.RefreshAt > pod.Now)
        {
            return present;
        }

        if (!pending.TryGetValue(place, out var asked))
        {
            pending[place] = asked = await AskAsync(pod, wanted, cancel);
        }

        var answer = present is not null && present.EndsAt > pod.Now ? pod.Node.View.Get(asked.Request) : await AnswerAsync(pod, asked.Request, cancel);
        if (answer?.As<V1PodCertificateRequest>() is { } request && EndOf(request) is { } end)
        {
            pending.TryRemove(place, out _);
            if (end.Type == "Issued")
            {
                return issued[place] = Issued(request.Status, asked.Key);
            }

            if (present is null || present.EndsAt <= pod.Now)
            {
                throw new VolumeException($"PodCertificateRequest \"{asked.Request.Name}\" was {end.Type.ToLowerInvariant()}: {end.Reason}: {end.Message}");
            }
        }
        else if (answer is null)
        {
            pending.TryRemove(place, out _); // somebody removed it: the next look asks again
        }

        return present is not null && present.EndsAt > pod.Now
            ? issued[place] = present with { RefreshAt = pod.Now + Pause }
            : throw new VolumeException($"PodCertificateRequest \"{asked.Request.Name}\" has not been issued yet");
    }

    public void Forget(string podUid)
    {
        foreach (var place in issued.Keys.Concat(pending.Keys).Where(p => p.PodUid == podUid))
        {
            issued.TryRemove(place, out _);
            pending.TryRemove(place, out _);
        }
    }

    private static V1Condition? EndOf(V1PodCertificateRequest request) =>
        request.Status?.Conditions?.FirstOrDefault(c => c is { Type: "Issued" or "Denied" or "Failed", Status: "True" });

    private static PodCertificate Issued(V1PodCertificateRequestStatus status, string key)
    {
        var end = new DateTimeOffset(status.NotAfter!.Value.ToUniversalTime(), TimeSpan.Zero);
        var refresh = new DateTimeOffset(status.BeginRefreshAt!.Value.ToUniversalTime(), TimeSpan.Zero);
        return new PodCertificate(key, string.Concat(Pem.CertificatesOf(status.CertificateChain)), end, refresh);
    }

    private async Task<KubeObject?> AnswerAsync(PodContext pod, ObjectKey request, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            return await pod.Node.View.WaitForAsync(request, item => EndOf(item.As<V1PodCertificateRequest>()) is not null, both.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return pod.Node.View.Get(request);
        }
    }

    private static async Task<(ObjectKey Request, string Key)> AskAsync(PodContext pod, V1PodCertificateProjection wanted, CancellationToken cancel)
    {
        var (key, request) = PodKeys.Make(wanted.KeyType);
        var (ns, account, node) = (pod.Object.Key.Namespace, pod.Spec.ServiceAccountName ?? "default", pod.Node.Options.Name);
        var spec = new JsonObject
        {
            ["signerName"] = wanted.SignerName,
            ["podName"] = pod.Object.Key.Name,
            ["podUID"] = pod.Object.Header.Uid,
            ["serviceAccountName"] = account,
            ["serviceAccountUID"] = UidOf(pod.Node.View, Keys.ServiceAccount(ns, account)),
            ["nodeName"] = node,
            ["nodeUID"] = UidOf(pod.Node.View, Keys.Node(node)),
            ["stubPKCS10Request"] = Convert.ToBase64String(request),
        };
        if (wanted.MaxExpirationSeconds is { } longest)
        {
            spec["maxExpirationSeconds"] = longest;
        }

        if (wanted.UserAnnotations is { Count: > 0 } annotations)
        {
            spec["unverifiedUserAnnotations"] = new JsonObject(annotations.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value)));
        }

        var metadata = new JsonObject
        {
            ["generateName"] = "req-",
            ["namespace"] = ns,
            ["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["name"] = pod.Object.Key.Name, ["uid"] = pod.Object.Header.Uid }),
        };
        try
        {
            var made = await pod.Node.View.CreateAsync(new JsonObject { ["apiVersion"] = ApiVersion, ["kind"] = Kind, ["metadata"] = metadata, ["spec"] = spec }, cancel);
            return (made.Key, key);
        }
        catch (ApiException refused)
        {
            throw new VolumeException($"failed to ask for a certificate: {refused.Message}", refused);
        }
    }

    private static string UidOf(INodeView view, ObjectKey key) =>
        view.Get(key)?.Header.Uid ?? throw new VolumeException($"{key.GroupResource} \"{key.Name}\" not found");
}
