using System.Globalization;
using k8s.Models;

namespace GrainKube.Resources.Autoscaling.HorizontalPodAutoscalers;

/// <summary>The metrics of an autoscaler as <c>kubectl get hpa</c> shows them: <c>cpu: 20%/50%, 3/10 (avg)</c>.</summary>
internal static class MetricTexts
{
    private const string Unknown = "<unknown>";

    public static string Of(V2HorizontalPodAutoscaler item)
    {
        var specs = item.Spec?.Metrics ?? [];
        var current = item.Status?.CurrentMetrics ?? [];
        var texts = string.Join(", ", specs.Take(2).Select((spec, i) => One(spec, i < current.Count ? current[i] : null)));
        return specs.Count == 0 ? "<none>"
            : specs.Count <= 2 ? texts : string.Create(CultureInfo.InvariantCulture, $"{texts} + {specs.Count - 2} more...");
    }

    private static string One(V2MetricSpec spec, V2MetricStatus? status) => spec switch
    {
        { Type: "External", External.Target: var target } => Value(target, status?.External?.Current),
        { Type: "Object", ObjectProperty.Target: var target } => Value(target, status?.ObjectProperty?.Current),
        { Type: "Pods", Pods.Target: var target } => $"{status?.Pods?.Current?.AverageValue?.ToString() ?? Unknown}/{target?.AverageValue}",
        { Type: "Resource", Resource: { } resource } => $"{resource.Name}: {Utilization(resource.Target, status?.Resource?.Current)}",
        { Type: "ContainerResource", ContainerResource: { } resource } => $"{resource.Name}: {Utilization(resource.Target, status?.ContainerResource?.Current)}",
        _ => "<unknown type>",
    };

    private static string Value(V2MetricTarget? target, V2MetricValueStatus? current) => target?.AverageValue is { } average
        ? $"{current?.AverageValue?.ToString() ?? Unknown}/{average} (avg)"
        : $"{current?.Value?.ToString() ?? Unknown}/{target?.Value}";

    private static string Utilization(V2MetricTarget? target, V2MetricValueStatus? current) => target?.AverageValue is { } average
        ? $"{current?.AverageValue?.ToString() ?? Unknown}/{average}"
        : $"{Percent(current?.AverageUtilization, Unknown)}/{Percent(target?.AverageUtilization, "<auto>")}";

    private static string Percent(int? value, string absent) => value is { } percent ? string.Create(CultureInfo.InvariantCulture, $"{percent}%") : absent;
}
