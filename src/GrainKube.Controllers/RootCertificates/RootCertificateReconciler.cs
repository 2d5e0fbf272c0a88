using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.ServiceAccounts;
using GrainKube.Objects.Writes;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace GrainKube.Controllers.RootCertificates;

/// <summary>Publishes the cluster's CA as the ConfigMap <c>kube-root-ca.crt</c> of every namespace, which pods mount beside their token. Keys are namespaces.</summary>
internal sealed class RootCertificateReconciler(IOptions<RootCertificateOptions> options) : Reconciler<V1Namespace>
{
    private const string MapName = "kube-root-ca.crt";
    private const string Entry = "ca.crt";

    public override string Name => "root-ca-certificate-publisher";

    public override string Identity => "root-ca-cert-publisher";

    public override void Configure(ReconcilerWiring wiring) => wiring.Reconciles<V1Namespace>().Watches<V1ConfigMap>(change =>
        change.Subject.Header.Name == MapName ? [new ObjectKey("", "namespaces", "", change.Subject.Key.Namespace)] : []);

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1Namespace view, ReconcileContext context, CancellationToken cancel)
    {
        var pem = options.Value.Pem;
        if (pem.Length == 0 || item.Header.DeletionTimestamp is not null)
        {
            return Outcome.Done;
        }

        var key = context.Objects.KeyOf<V1ConfigMap>(item.Header.Name, MapName);
        if (context.Objects.Get(key) is not { } map)
        {
            await NamespaceObject.EnsureAsync(
                new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "ConfigMap",
                    ["metadata"] = new JsonObject
                    {
                        ["name"] = MapName,
                        ["namespace"] = item.Header.Name,
                        ["annotations"] = new JsonObject { ["kubernetes.io/description"] = "The certificate authority of this cluster's API server, for programs in pods." },
                    },
                    ["data"] = new JsonObject { [Entry] = pem },
                },
                context,
                cancel);
        }
        else if (map.As<V1ConfigMap>().Data?.TryGetValue(Entry, out var published) != true || published != pem)
        {
            await context.Objects.PatchAsync(key, new JsonObject { ["data"] = new JsonObject { [Entry] = pem } }, "", new Preconditions(map.Header.Uid), cancel);
        }

        return Outcome.Done;
    }
}
