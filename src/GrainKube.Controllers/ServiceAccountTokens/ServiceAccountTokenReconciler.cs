using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.RootCertificates;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes;
using GrainKube.Security.Tokens;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace GrainKube.Controllers.ServiceAccountTokens;

/// <summary>Fills Secrets of type <c>kubernetes.io/service-account-token</c>, and removes them with their account.</summary>
internal sealed class ServiceAccountTokenReconciler(WatchCache cache, TokenIssuer issuer, IOptions<RootCertificateOptions> authority) : Reconciler<V1Secret>
{
    private const string SecretType = "kubernetes.io/service-account-token";
    private const string NameAnnotation = "kubernetes.io/service-account.name";
    private const string UidAnnotation = "kubernetes.io/service-account.uid";
    private static readonly GroupResource Secrets = new("", "secrets");

    public override string Name => "serviceaccount-token";

    public override string Identity => "tokens-controller";

    public override void Configure(ReconcilerWiring wiring) => wiring
        .Reconciles<V1Secret>()
        .Watches<V1ServiceAccount>(change => change.After is null || change.Before is null ? TokensIn(change.Subject.Key.Namespace) : []);

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1Secret view, ReconcileContext context, CancellationToken cancel)
    {
        if (view.Type != SecretType || item.Header.DeletionTimestamp is not null || Annotation(view, NameAnnotation) is not { Length: > 0 } name)
        {
            return Outcome.Done;
        }

        var key = context.Objects.KeyOf<V1ServiceAccount>(item.Key.Namespace, name);
        var account = context.Objects.Get(key);
        if (account is null)
        {
            // Before it is believed that the account is absent: it may have been made a moment ago.
            await context.Objects.Cache.WaitUntilCurrentAsync(cancel);
            account = context.Objects.Get(key);
        }

        var uid = Annotation(view, UidAnnotation);
        if (account is null || (uid.Length > 0 && uid != account.Header.Uid))
        {
            await context.Objects.DeleteAsync(item.Key, new Preconditions(item.Header.Uid, item.Revision), cancel);
        }
        else if (Missing(item, view, name, account.Header.Uid) is { Count: > 0 } patch)
        {
            await context.Objects.PatchAsync(item.Key, patch, "", new Preconditions(item.Header.Uid, item.Revision), cancel);
        }

        return Outcome.Done;
    }

    private JsonObject Missing(KubeObject item, V1Secret view, string account, string uid)
    {
        var data = new JsonObject();
        void Need(string field, Func<string> value, bool replaces)
        {
            var there = view.Data?.TryGetValue(field, out var bytes) == true ? Encoding.UTF8.GetString(bytes) : "";
            if (there.Length == 0 || (replaces && there != value()))
            {
                data[field] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value()));
            }
        }

        Need("token", () => new LegacyToken(item.Key.Namespace, item.Key.Name, account, uid).SignedBy(issuer), replaces: false);
        Need("ca.crt", () => authority.Value.Pem, replaces: true);
        Need("namespace", () => item.Key.Namespace, replaces: false);
        var patch = new JsonObject();
        if (data.Count > 0)
        {
            patch["data"] = data;
        }

        if (Annotation(view, UidAnnotation) != uid)
        {
            patch["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [UidAnnotation] = uid } };
        }

        return patch;
    }

    /// <summary>The Secrets that an account which came or went may concern.</summary>
    private IEnumerable<ObjectKey> TokensIn(string ns) =>
        cache.Kind(Secrets).Snapshot.In(ns).Where(s => s.Derive(static found => new TypeOf(found.As<V1Secret>().Type)).Text == SecretType).Select(s => s.Key);

    private static string Annotation(V1Secret view, string name) => view.Metadata?.Annotations?.TryGetValue(name, out var value) == true ? value : "";

    private sealed record TypeOf(string? Text);
}
