using k8s.Models;

namespace GrainKube.Controllers.ApiServices;

/// <summary>What can be said of the service behind an APIService without asking it. The reasons and words are upstream's.</summary>
/// <param name="Reason">Empty where nothing is wrong.</param>
/// <param name="Message">What a person reads.</param>
internal sealed record ServiceReach(string Reason, string Message)
{
    public static readonly ServiceReach Fine = new("", "");

    /// <param name="wanted">What the APIService names.</param>
    /// <param name="service">The service, or null where there is none.</param>
    /// <param name="slices">Its endpoint slices.</param>
    public static ServiceReach Of(Apiregistrationv1ServiceReference wanted, V1Service? service, IReadOnlyCollection<V1EndpointSlice> slices)
    {
        var name = $"service/{wanted.Name} in \"{wanted.NamespaceProperty}\"";
        if (service is null)
        {
            return new ServiceReach("ServiceNotFound", $"{name} is not present");
        }

        if (service.Spec.Type != "ClusterIP")
        {
            return Fine;
        }

        var number = wanted.Port ?? 443;
        if ((service.Spec.Ports ?? []).FirstOrDefault(port => port.Port == number) is not { } found)
        {
            return new ServiceReach("ServicePortError", $"{name} is not listening on port {number}");
        }

        if (slices.Count == 0)
        {
            return new ServiceReach("EndpointsNotFound", $"cannot find endpointslices for {name}");
        }

        var portName = found.Name ?? "";
        return slices.Any(slice => HasReady(slice) && (slice.Ports ?? []).Any(port => (port.Name ?? "") == portName && port.Port is not null))
            ? Fine
            : new ServiceReach("MissingEndpoints", $"endpointslices for {name} have no addresses with port name \"{portName}\"");
    }

    private static bool HasReady(V1EndpointSlice slice) => (slice.Endpoints ?? []).Any(endpoint => endpoint.Conditions?.Ready != false);
}
