using GrainKube.Networking.Ingress.Routing;
using k8s.Models;

namespace GrainKube.Networking.Tests.Ingress;

/// <summary>Objects in lists, and short ways to make them.</summary>
internal sealed class FakeWorld : IIngressWorld
{
    private readonly Dictionary<string, V1Service> services = [];
    private readonly Dictionary<string, List<V1EndpointSlice>> slices = [];
    private readonly Dictionary<string, V1Secret> secrets = [];
    private int made;

    public List<V1Ingress> Ingresses { get; } = [];

    public IngressRoutes Routes => RouteTable.Build(Ingresses, this);

    public FakeWorld Service(string name, int port, string[] addresses, int targetPort = 8080, string? portName = null, string? protocol = null)
    {
        services[name] = new V1Service
        {
            Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
            Spec = new V1ServiceSpec { Ports = [new V1ServicePort { Port = port, Name = portName, Protocol = "TCP", AppProtocol = protocol }] },
        };
        slices[name] = [new V1EndpointSlice
        {
            AddressType = "IPv4",
            Endpoints = [.. addresses.Select(a => new V1Endpoint { Addresses = [a] })],
            Ports = [new Discoveryv1EndpointPort { Name = portName ?? "", Port = targetPort, Protocol = "TCP" }],
        }];
        return this;
    }

    public FakeWorld Add(V1Secret secret)
    {
        secrets[secret.Metadata.Name] = secret;
        return this;
    }

    /// <summary>An Ingress of our class with rules of (host, path, type, service).</summary>
    public V1Ingress Ingress(params (string Host, string Path, string Type, string Service)[] rules)
    {
        var item = new V1Ingress
        {
            Metadata = new V1ObjectMeta { Name = $"i{++made}", NamespaceProperty = "default", CreationTimestamp = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(made) },
            Spec = new V1IngressSpec
            {
                IngressClassName = "grainkube",
                Rules = [.. rules.Select(r => new V1IngressRule
                {
                    Host = r.Host.Length > 0 ? r.Host : null,
                    Http = new V1HTTPIngressRuleValue { Paths = [new V1HTTPIngressPath { Path = r.Path, PathType = r.Type, Backend = To(r.Service) }] },
                })],
            },
        };
        Ingresses.Add(item);
        return item;
    }

    public static V1IngressBackend To(string service, int port = 80) =>
        new() { Service = new V1IngressServiceBackend { Name = service, Port = new V1ServiceBackendPort { Number = port } } };

    public V1IngressClass? Class(string name) => name switch
    {
        "grainkube" => new V1IngressClass { Spec = new V1IngressClassSpec { Controller = "grainkube.io/ingress" } },
        "foreign" => new V1IngressClass { Spec = new V1IngressClassSpec { Controller = "example.com/other" } },
        _ => null,
    };

    V1Service? IIngressWorld.Service(string ns, string name) => services.GetValueOrDefault(name);

    public IEnumerable<V1EndpointSlice> Slices(string ns, string service) => slices.GetValueOrDefault(service, []);

    public V1Secret? Secret(string ns, string name) => secrets.GetValueOrDefault(name);
}
