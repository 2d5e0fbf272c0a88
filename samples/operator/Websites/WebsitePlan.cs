using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using k8s.Models;

namespace Websites;

/// <summary>What a website needs. Pure: no clock, no I/O, tested by itself.</summary>
internal static class WebsitePlan
{
    private const int Port = 8080;

    public static V1ConfigMap Pages(Website site) => new() { Metadata = Named(site), Data = site.Spec.Pages };

    public static V1Deployment Deployment(Website site) => new()
    {
        Metadata = Named(site),
        Spec = new V1DeploymentSpec
        {
            Replicas = site.Spec.Replicas,
            Selector = new V1LabelSelector { MatchLabels = Labels(site) },
            Template = new V1PodTemplateSpec
            {
                // Other pages are another template: the deployment rolls.
                Metadata = new V1ObjectMeta { Labels = Labels(site), Annotations = new Dictionary<string, string> { ["samples.grainkube.io/pages"] = Fingerprint(site) } },
                Spec = new V1PodSpec
                {
                    Containers =
                    [
                        new V1Container
                        {
                            Name = "httpd",
                            Image = "grainkube.local/busybox:1",
                            Command = ["httpd", "-f", "-p", $"{Port}", "-h", "/pages"],
                            Ports = [new V1ContainerPort { Name = "http", ContainerPort = Port }],
                            VolumeMounts = [new V1VolumeMount { Name = "pages", MountPath = "/pages" }],
                            ReadinessProbe = new V1Probe { TcpSocket = new V1TCPSocketAction { Port = Port }, PeriodSeconds = 1 },
                        },
                    ],
                    Volumes = [new V1Volume { Name = "pages", ConfigMap = new V1ConfigMapVolumeSource { Name = site.Metadata.Name } }],
                },
            },
        },
    };

    public static V1Service Service(Website site) => new()
    {
        Metadata = Named(site),
        Spec = new V1ServiceSpec { Selector = Labels(site), Ports = [new V1ServicePort { Name = "http", Port = 80, TargetPort = "http" }] },
    };

    /// <summary>Null where the website wants no host.</summary>
    public static V1Ingress? Ingress(Website site) => string.IsNullOrEmpty(site.Spec.Host) ? null : new V1Ingress
    {
        Metadata = Named(site),
        Spec = new V1IngressSpec
        {
            Rules =
            [
                new V1IngressRule
                {
                    Host = site.Spec.Host,
                    Http = new V1HTTPIngressRuleValue
                    {
                        Paths =
                        [
                            new V1HTTPIngressPath
                            {
                                Path = "/",
                                PathType = "Prefix",
                                Backend = new V1IngressBackend { Service = new V1IngressServiceBackend { Name = site.Metadata.Name, Port = new V1ServiceBackendPort { Name = "http" } } },
                            },
                        ],
                    },
                },
            ],
        },
    };

    public static WebsiteStatus Status(V1Deployment deployment, V1Service service) => new()
    {
        ReadyReplicas = deployment.Status?.ReadyReplicas ?? 0,
        Address = $"http://{service.Spec.ClusterIP}",
    };

    private static V1ObjectMeta Named(Website site) => new() { Name = site.Metadata.Name, Labels = Labels(site) };

    private static Dictionary<string, string> Labels(Website site) => new() { ["samples.grainkube.io/website"] = site.Metadata.Name };

    private static string Fingerprint(Website site) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(site.Spec.Pages.OrderBy(p => p.Key, StringComparer.Ordinal)))))[..16];
}
