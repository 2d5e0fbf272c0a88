using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Quantities;
using k8s.Models;

namespace GrainKube.Controllers.HorizontalPodAutoscaling;

/// <summary>What one metric of an autoscaler proposes.</summary>
/// <param name="Replicas">The proposal.</param>
/// <param name="Metric">What the metric is called in events and conditions.</param>
/// <param name="Status">Its entry in <c>status.currentMetrics</c>.</param>
internal sealed record MetricProposal(int Replicas, string Metric, JsonObject Status)
{
    /// <summary>The reason where this metric cannot be computed.</summary>
    public static string FailureOf(string type) => type switch
    {
        "Resource" => "FailedGetResourceMetric",
        "ContainerResource" => "FailedGetContainerResourceMetric",
        "Pods" => "FailedGetPodsMetric",
        "Object" => "FailedGetObjectMetric",
        "External" => "FailedGetExternalMetric",
        _ => "InvalidMetricSourceType",
    };

    /// <param name="metric">The metric as the spec has it.</param>
    /// <param name="target">What is scaled.</param>
    /// <param name="measure">The pods with their use of a resource, of the whole pod (empty) or one container.</param>
    /// <param name="tolerance">How far from the target nothing is done.</param>
    /// <exception cref="MetricException">It cannot be computed; in upstream's words.</exception>
    public static MetricProposal For(V2MetricSpec metric, ScaleTarget target, Func<string, string, IReadOnlyList<MeasuredPod>> measure, Tolerance tolerance) => metric.Type switch
    {
        "Resource" when metric.Resource is { } source =>
            Of(source.Name, "", source.Target, target, measure(source.Name, ""), tolerance),
        "ContainerResource" when metric.ContainerResource is { } source =>
            Of(source.Name, source.Container, source.Target, target, measure(source.Name, source.Container), tolerance),
        "Pods" => throw NoMetrics("pods", metric.Pods?.Metric?.Name, "custom"),
        "Object" => throw NoMetrics("object", metric.ObjectProperty?.Metric?.Name, "custom"),
        "External" => throw NoMetrics("external", metric.External?.Metric?.Name, "external"),
        _ => throw new MetricException($"unknown metric source type \"{metric.Type}\""),
    };

    // There is no adapter for these: upstream says this while none is installed.
    private static MetricException NoMetrics(string sort, string? name, string api) => new(
        $"failed to get {sort} metric value: unable to get metric {name}: unable to fetch metrics from {api} metrics API: the server could not find the requested resource");

    private static MetricProposal Of(
        string resource, string container, V2MetricTarget goal, ScaleTarget target, IReadOnlyList<MeasuredPod> pods, Tolerance tolerance)
    {
        var ns = target.Object.Key.Namespace;
        var current = target.Replicas;
        var what = container.Length > 0 ? $"{resource} container resource" : $"{resource} resource";
        if (goal.AverageValue is { } average)
        {
            var wanted = average.ToQuantity().MilliValue;
            var absolute = Guarded($"failed to get {resource} usage: ", () => ReplicaCalculator.ForAverage(current, wanted, resource, pods, tolerance));
            return new MetricProposal(absolute.Replicas, what, Entry(resource, container, new JsonObject { ["averageValue"] = Text(absolute.Average) }));
        }

        if (goal.AverageUtilization is not { } percent)
        {
            throw new MetricException("invalid resource metric source: neither a utilization target nor a value target was set");
        }

        var found = Guarded($"failed to get {resource} utilization: ", () => ReplicaCalculator.ForUtilization(current, percent, resource, ns, pods, tolerance));
        return new MetricProposal(
            found.Replicas,
            $"{what} utilization (percentage of request)",
            Entry(resource, container, new JsonObject { ["averageUtilization"] = found.Utilization, ["averageValue"] = Text(found.Average) }));
    }

    private static ReplicaCalculator Guarded(string prefix, Func<ReplicaCalculator> compute)
    {
        try
        {
            return compute();
        }
        catch (MetricException cannot)
        {
            throw new MetricException(prefix + cannot.Message, cannot.Namespace);
        }
    }

    private static JsonObject Entry(string resource, string container, JsonObject current)
    {
        var source = new JsonObject { ["name"] = resource };
        if (container.Length > 0)
        {
            source["container"] = container;
        }

        source["current"] = current;
        return container.Length > 0
            ? new JsonObject { ["type"] = "ContainerResource", ["containerResource"] = source }
            : new JsonObject { ["type"] = "Resource", ["resource"] = source };
    }

    private static string Text(long milli) => milli % 1000 == 0
        ? (milli / 1000).ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{milli}m");
}
