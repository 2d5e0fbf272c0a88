using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using k8s.Models;

namespace GrainKube.Controllers.ServiceAccounts;

/// <summary>Gives every namespace its <c>default</c> service account. Keys are namespaces.</summary>
internal sealed class ServiceAccountReconciler : Reconciler<V1Namespace>
{
    private const string Default = "default";

    public override string Name => "serviceaccount";

    public override string Identity => "service-account-controller";

    public override void Configure(ReconcilerWiring wiring) => wiring.Reconciles<V1Namespace>().Watches<V1ServiceAccount>(change =>
        change.After is null && change.Subject.Header.Name == Default ? [new ObjectKey("", "namespaces", "", change.Subject.Key.Namespace)] : []);

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1Namespace view, ReconcileContext context, CancellationToken cancel)
    {
        if (item.Header.DeletionTimestamp is null && context.Objects.Get<V1ServiceAccount>(item.Header.Name, Default) is null)
        {
            await NamespaceObject.EnsureAsync(
                new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "ServiceAccount",
                    ["metadata"] = new JsonObject { ["name"] = Default, ["namespace"] = item.Header.Name },
                },
                context,
                cancel);
        }

        return Outcome.Done;
    }
}
