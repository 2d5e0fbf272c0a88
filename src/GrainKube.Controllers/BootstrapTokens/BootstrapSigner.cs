using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Writes;
using k8s.Models;

namespace GrainKube.Controllers.BootstrapTokens;

/// <summary>Signs the ConfigMap <c>cluster-info</c> of <c>kube-public</c> by every bootstrap token, so that a node that knows only its token can believe what it reads there.</summary>
internal sealed class BootstrapSigner : Reconciler<V1ConfigMap>
{
    private const string Document = "kubeconfig";
    private const string Prefix = "jws-kubeconfig-";
    private static readonly ObjectKey ClusterInfo = new("", "configmaps", "kube-public", "cluster-info");

    public override string Name => "bootstrap-signer";

    public override void Configure(ReconcilerWiring wiring) => wiring
        .StartingWith(() => [ClusterInfo])
        .Watches<V1ConfigMap>(change => change.Subject.Key == ClusterInfo ? [ClusterInfo] : [])
        .Watches<V1Secret>(change => change.Subject.Key.Namespace == BootstrapToken.Namespace && change.Subject.Key.Name.StartsWith("bootstrap-token-", StringComparison.Ordinal) ? [ClusterInfo] : []);

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1ConfigMap view, ReconcileContext context, CancellationToken cancel)
    {
        if (view.Data?.TryGetValue(Document, out var text) != true || string.IsNullOrEmpty(text))
        {
            return Outcome.Done;
        }

        BootstrapToken[] tokens = [.. context.Objects.List<V1Secret>(BootstrapToken.Namespace).Select(s => BootstrapToken.Of(s.As<V1Secret>())).OfType<BootstrapToken>()];
        var wanted = tokens.Where(t => t.Signs && (t.Expires is null || t.Expires > context.Now)).ToDictionary(t => Prefix + t.Id, t => t.SignatureOf(text));
        var patch = new JsonObject();
        foreach (var (name, signature) in wanted)
        {
            if (!view.Data.TryGetValue(name, out var there) || there != signature)
            {
                patch[name] = signature;
            }
        }

        foreach (var name in view.Data.Keys.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && !wanted.ContainsKey(name)))
        {
            patch[name] = null;
        }

        if (patch.Count > 0)
        {
            await context.Objects.PatchAsync(item.Key, new JsonObject { ["data"] = patch }, "", new Preconditions(item.Header.Uid, item.Revision), cancel);
        }

        return tokens.Where(t => t.Expires > context.Now).Min(t => t.Expires) is { } next ? Outcome.WakeIn(next - context.Now) : Outcome.Done;
    }
}
