namespace GrainKube.ApiServer.Health;

/// <summary>
/// A step of the start, under the name that upstream's server gives it and monitoring asks for: <c>--readyz/poststarthook/rbac/bootstrap-roles</c> and its like. Upstream takes the steps while it listens already;
/// here all of them lie before the first request (<see cref="StartProgress"/>), so they are done together.
/// </summary>
internal sealed class StartProbe(StartProgress progress, string name) : IHealthProbe
{
    private const string CacheLoaded = "informer-sync";

    private static readonly string[] Hooks =
    [
        "start-kube-apiserver-admission-initializer", "start-apiserver-admission-initializer", "generic-apiserver-start-informers", "priority-and-fairness-config-consumer", "priority-and-fairness-filter",
        "storage-object-count-tracker-hook", "start-apiextensions-informers", "start-apiextensions-controllers", "crd-informer-synced", "start-system-namespaces-controller",
        "start-cluster-authentication-info-controller", "start-kube-apiserver-identity-lease-controller", "start-kube-apiserver-identity-lease-garbage-collector", "start-legacy-token-tracking-controller",
        "start-service-ip-repair-controllers", "rbac/bootstrap-roles", "scheduling/bootstrap-system-priority-classes", "priority-and-fairness-config-producer", "bootstrap-controller",
        "aggregator-reload-proxy-client-cert", "start-kube-aggregator-informers", "apiservice-status-available-controller", "apiservice-status-local-available-controller",
        "apiservice-status-remote-available-controller", "apiservice-registration-controller", "apiservice-discovery-controller", "kube-apiserver-autoregistration", "apiservice-openapi-controller",
        "apiservice-openapiv3-controller",
    ];

    public string Name => name;

    public ProbeScope Scope => name == CacheLoaded ? ProbeScope.Readiness : ProbeScope.Everywhere;

    public static IEnumerable<IHealthProbe> All(StartProgress progress) =>
        Hooks.Select(hook => "poststarthook/" + hook).Append("autoregister-completion").Prepend(CacheLoaded).Select(name => new StartProbe(progress, name));

    public ValueTask CheckAsync(CancellationToken cancel) => progress.IsDone ? ValueTask.CompletedTask : throw new InvalidOperationException("not finished");
}
