using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;

namespace GrainKube.ApiServer.Admission.ServiceAccounts;

/// <summary>Every pod runs under a service account of its namespace and finds the account's token in its containers.</summary>
internal sealed class ServiceAccountAdmission(IObjectReader objects) : IMutatingAdmission
{
    private const string MirrorAnnotation = "kubernetes.io/config.mirror";

    public string Name => "ServiceAccount";

    public bool Handles(AdmissionRequest request) => request.Creates("", "pods");

    public async ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancel)
    {
        if (request.Object?["spec"] is not JsonObject spec)
        {
            return;
        }

        if (request.Object["metadata"]?["annotations"]?[MirrorAnnotation] is not null)
        {
            RefuseReferences(request, spec);
            return;
        }

        var name = (string?)spec["serviceAccountName"] is { Length: > 0 } asked ? asked : "default";
        spec["serviceAccountName"] = name;
        spec["serviceAccount"] = name;
        var ns = request.Key.Namespace;
        var found = await objects.FindAsync(CoreKeys.ServiceAccount(ns, name), cancel)
            ?? throw request.Forbidden($"error looking up service account {ns}/{name}: serviceaccount \"{name}\" not found");
        var account = found.Derive(static item => new AccountView(item.ToNode()));
        if ((bool?)spec["automountServiceAccountToken"] ?? account.MountsToken)
        {
            TokenVolume.MountInto(spec);
        }

        if (spec["imagePullSecrets"] is not JsonArray { Count: > 0 } && account.PullSecrets.Count > 0)
        {
            spec["imagePullSecrets"] = new JsonArray([.. account.PullSecrets.Select(s => (JsonNode)new JsonObject { ["name"] = s })]);
        }
    }

    /// <summary>A mirror pod shows a pod that the kubelet runs from a file: it may not reach for anything of the API.</summary>
    private static void RefuseReferences(AdmissionRequest request, JsonObject spec)
    {
        if ((string?)spec["serviceAccountName"] is { Length: > 0 })
        {
            throw request.Forbidden("a mirror pod may not reference service accounts");
        }

        if (RefersToSecret(spec))
        {
            throw request.Forbidden("a mirror pod may not reference secrets");
        }

        foreach (var volume in spec["volumes"] as JsonArray ?? [])
        {
            if (volume?["projected"]?["sources"] is JsonArray sources && sources.Any(s => s?["serviceAccountToken"] is not null))
            {
                throw request.Forbidden("a mirror pod may not use ServiceAccountToken volume projections");
            }
        }
    }

    private static bool RefersToSecret(JsonObject spec)
    {
        var containers = new[] { "initContainers", "containers" }.SelectMany(list => spec[list] as JsonArray ?? []);
        return (spec["volumes"] as JsonArray ?? []).Any(v => v?["secret"] is not null)
            || (spec["imagePullSecrets"] as JsonArray ?? []).Count > 0
            || containers.Any(c => (c?["env"] as JsonArray ?? []).Any(e => e?["valueFrom"]?["secretKeyRef"] is not null)
                || (c?["envFrom"] as JsonArray ?? []).Any(e => e?["secretRef"] is not null));
    }

    private sealed class AccountView(JsonObject account)
    {
        public bool MountsToken { get; } = (bool?)account["automountServiceAccountToken"] ?? true;

        public IReadOnlyList<string> PullSecrets { get; } =
            [.. (account["imagePullSecrets"] as JsonArray ?? []).Select(s => (string?)s?["name"] ?? "").Where(name => name.Length > 0)];
    }
}
