using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Quantities;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Store;
using GrainKube.Objects.Writes;
using GrainKube.Objects.Writes.Parts;
using GrainKube.Resources.Core.ResourceQuotas;
using k8s.Models;

namespace GrainKube.ApiServer.Admission.Quotas;

/// <summary>
/// Upstream's <c>ResourceQuota</c>: what a write adds is put into its quotas' status in the write's own transaction, on condition that they are as they were read. However many write at once, the
/// sum is exact.
/// </summary>
internal sealed class ResourceQuotaPart(WatchCache cache) : ITransactionPart
{
    private static readonly GroupResource Quotas = new("", "resourcequotas");

    public bool Handles(CommitRequest commit) =>
        commit.Next is not null
        && commit.Key.Namespace.Length > 0
        && (commit.Subresource.Length == 0 || commit.Subresource == "resize")
        && commit.Verb != WriteVerb.Delete
        && (commit.Current is null || commit.Key is { Group: "", Resource: "pods" or "services" or "persistentvolumeclaims" })
        && In(commit.Key.Namespace).Any();

    public async ValueTask<TransactionAddition> AddAsync(CommitRequest commit)
    {
        if (commit.Attempt > 1)
        {
            await cache.WaitUntilCurrentAsync(CancellationToken.None);
        }

        if (Decide(commit, out var refusal) is { } addition)
        {
            return addition;
        }

        // A refusal rests on what the store holds now.
        await cache.WaitUntilCurrentAsync(CancellationToken.None);
        return Decide(commit, out refusal) ?? throw Refused(commit, refusal);
    }

    private TransactionAddition? Decide(CommitRequest commit, out string refusal)
    {
        var (compares, changes) = (new List<StoreCompare>(), new List<StoreWrite>());
        foreach (var quota in In(commit.Key.Namespace))
        {
            var decision = QuotaDecision.For(quota.As<V1ResourceQuota>(), commit.Key.GroupResource, commit.Next!, commit.Current, commit.Now);
            if (decision.Refusal is { } message)
            {
                refusal = message;
                return null;
            }

            if (decision.Used.Count > 0 && !commit.DryRun && quota.Key != commit.Key)
            {
                compares.Add(new StoreCompare(quota.Key.StoreKey, quota.Revision));
                changes.Add(CompanionObject.Update(cache.Kind(Quotas).Definition, quota.Key, WithUsed(quota, decision.Used)));
            }
        }

        refusal = "";
        return new TransactionAddition(compares, changes);
    }

    private IEnumerable<KubeObject> In(string ns) => cache.TryKind(Quotas)?.In(ns) ?? [];

    private static JsonObject WithUsed(KubeObject quota, IReadOnlyDictionary<string, Quantity> used)
    {
        var item = quota.ToNode();
        foreach (var (name, amount) in used)
        {
            item["status"]!["used"]![name] = amount.ToString();
        }

        return item;
    }

    private static ApiException Refused(CommitRequest commit, string message) => ApiException.Forbidden(commit.Key.GroupResource, Refusals.NameOf(commit.Key, commit.Next, commit.Current is null), message);
}
