using k8s.Models;

namespace GrainKube.Networking.Ingress.Routing;

/// <summary>What Ingress objects refer to.</summary>
internal interface IIngressWorld
{
    V1IngressClass? Class(string name);

    V1Service? Service(string ns, string name);

    /// <summary>The EndpointSlices of a Service.</summary>
    IEnumerable<V1EndpointSlice> Slices(string ns, string service);

    V1Secret? Secret(string ns, string name);
}
