using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Statuses;
using GrainKube.Objects.Aggregation;
using GrainKube.Objects.Cache;
using k8s.Models;

namespace GrainKube.Controllers.ApiServices;

/// <summary>Keeps the condition <c>Available</c> of APIServices, by which gateways decide whether to send requests on.</summary>
internal sealed class ApiServiceAvailabilityReconciler(WatchCache cache, ServersOfApis servers, IExtensionProbe? probe = null) : Reconciler<V1APIService>
{
    private const string ServiceName = "kubernetes.io/service-name";
    private const string Available = "Available";
    private static readonly GroupResource EndpointSlices = new("discovery.k8s.io", "endpointslices");

    /// <summary>What can be reached now may not be later, without a change that anybody tells us of.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(250);

    public override string Name => "apiservice-availability";

    public override void Configure(ReconcilerWiring wiring) => wiring
        .Reconciles<V1APIService>()
        .Watches<V1Service>(change => servers.BehindService(change.Subject.Key.Namespace, change.Subject.Key.Name))
        .Watches<V1EndpointSlice>(change => change.Subject.Header.Labels.GetValueOrDefault(ServiceName) is { } service
            ? servers.BehindService(change.Subject.Key.Namespace, service)
            : []);

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1APIService view, ReconcileContext context, CancellationToken cancel)
    {
        if (view.Spec.Service is not { } service)
        {
            await SayAsync(item, true, "Local", "Local APIServices are always available", context, cancel);
            return Outcome.Done;
        }

        var reach = Reach(service, context);
        if (reach.Reason == "ServiceNotFound")
        {
            await cache.WaitUntilCurrentAsync(cancel); // it may merely not have been heard of
            reach = Reach(service, context);
        }

        if (reach != ServiceReach.Fine)
        {
            await SayAsync(item, false, reach.Reason, reach.Message, context, cancel);
            return Outcome.WakeIn(LookAgain);
        }

        if (probe is not null && await probe.ProbeAsync(item, cancel) is { } failure)
        {
            await SayAsync(item, false, "FailedDiscoveryCheck", failure, context, cancel);
            return Outcome.WakeIn(RetryAfter(view, context.Now));
        }

        await SayAsync(item, true, "Passed", "all checks passed", context, cancel);
        return Outcome.WakeIn(LookAgain);
    }

    private ServiceReach Reach(Apiregistrationv1ServiceReference service, ReconcileContext context) => ServiceReach.Of(
        service,
        context.Objects.Get<V1Service>(service.NamespaceProperty, service.Name),
        [.. cache.Kind(EndpointSlices).Snapshot.In(service.NamespaceProperty).Where(s => s.Header.Labels.GetValueOrDefault(ServiceName) == service.Name).Select(s => s.As<V1EndpointSlice>())]);

    /// <summary>A server that has just gone is likely to be back soon; one that is away for long is asked seldom.</summary>
    private static TimeSpan RetryAfter(V1APIService view, DateTimeOffset now)
    {
        var since = view.Status?.Conditions?.FirstOrDefault(c => c is { Type: Available, Status: "False" })?.LastTransitionTime;
        var pause = since is { } began ? (now.UtcDateTime - began.ToUniversalTime()) / 4 : FirstRetry;
        return pause < FirstRetry ? FirstRetry : pause > LookAgain ? LookAgain : pause;
    }

    private static Task SayAsync(KubeObject item, bool available, string reason, string message, ReconcileContext context, CancellationToken cancel) =>
        StatusPatch.WriteSharedAsync(item, current => Conditions.With(current, Available, available, reason, message, context.Now), context, cancel);
}
