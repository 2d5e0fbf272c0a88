using System.Globalization;
using GrainKube.ApiMachinery.Objects;
using k8s.Models;

namespace GrainKube.Controllers.ServiceEndpoints;

/// <summary>Labels and annotations that endpoints take from their service.</summary>
internal static class ServiceLabels
{
    /// <summary>The service's own labels, without those that only controllers may set, and the headless mark.</summary>
    public static Dictionary<string, string> Of(KubeObject service, V1ServiceSpec spec)
    {
        var labels = service.Header.Labels
            .Where(l => l.Key is not (EndpointLabels.ServiceName or EndpointLabels.ManagedBy or EndpointLabels.Headless))
            .ToDictionary(l => l.Key, l => l.Value);
        if (spec.ClusterIP == "None")
        {
            labels[EndpointLabels.Headless] = "";
        }

        return labels;
    }

    /// <summary>
    /// What set the change off: the earliest turn of a pod's readiness among those whose endpoints changed, or the making of the service where these are its first endpoints.
    /// </summary>
    /// <returns>The annotation's value; null where nothing is known.</returns>
    public static KeyValuePair<string, string?> Trigger(IEnumerable<DateTimeOffset?> turns)
    {
        DateTimeOffset? earliest = null;
        foreach (var turn in turns)
        {
            earliest = turn < earliest || earliest is null ? turn ?? earliest : earliest;
        }

        return new(EndpointLabels.TriggerTime, earliest?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
    }
}
