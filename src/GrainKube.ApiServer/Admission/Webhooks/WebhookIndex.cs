using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using GrainKube.Resources.AdmissionRegistration;
using k8s.Models;

namespace GrainKube.ApiServer.Admission.Webhooks;

/// <summary>All webhooks of the cluster in the order in which they are asked: by the name of their configuration, then as they stand in it. Kept from this silo's watch cache.</summary>
internal sealed class WebhookIndex(WatchCache cache)
{
    private static readonly GroupResource Mutating = new("admissionregistration.k8s.io", "mutatingwebhookconfigurations");
    private static readonly GroupResource Validating = new("admissionregistration.k8s.io", "validatingwebhookconfigurations");
    private readonly Lock gate = new();
    private volatile Webhook[]? all;
    private bool subscribed;
    private long changes;

    /// <summary>Every webhook; mutating ones first. Costs one read where nothing has changed.</summary>
    public IReadOnlyList<Webhook> All => all ?? Load();

    private Webhook[] Load()
    {
        lock (gate)
        {
            if (!subscribed)
            {
                if (cache.TryKind(Mutating) is not { } mutating || cache.TryKind(Validating) is not { } validating)
                {
                    return [];
                }

                mutating.Subscribe(_ => Forget());
                validating.Subscribe(_ => Forget());
                subscribed = true;
            }

            var before = Volatile.Read(ref changes);
            var made = Webhooks(Mutating).Concat(Webhooks(Validating)).ToArray();
            all = made;
            if (Volatile.Read(ref changes) != before)
            {
                all = null; // something changed while the pictures were read: the next caller looks again
            }

            return made;
        }
    }

    private void Forget()
    {
        Interlocked.Increment(ref changes);
        all = null;
    }

    private IEnumerable<Webhook> Webhooks(GroupResource resource) =>
        (cache.TryKind(resource)?.Snapshot.All ?? []).SelectMany(item => item.Derive(static configuration => new Entries(configuration)).Webhooks);

    /// <summary>Read once for each version of a configuration, so that an entry that did not change keeps its identity and its connections.</summary>
    private sealed class Entries(KubeObject item)
    {
        public IReadOnlyList<Webhook> Webhooks { get; } = item.Key.Resource == Mutating.Resource
            ? [.. (item.As<V1MutatingWebhookConfiguration>().Webhooks ?? []).Select(w => Webhook.Of(item.Header.Name, WebhookShape.Of(w)))]
            : [.. (item.As<V1ValidatingWebhookConfiguration>().Webhooks ?? []).Select(w => Webhook.Of(item.Header.Name, WebhookShape.Of(w)))];
    }
}
