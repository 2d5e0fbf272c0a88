using System.Globalization;
using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Core.Services;

internal sealed class ServiceColumns : KindColumns<V1Service>
{
    public ServiceColumns()
    {
        Name();
        Text("Type", service => service.Spec?.Type, "How the service is exposed.");
        Text("Cluster-IP", service => CellTexts.OrNone(service.Spec?.ClusterIP), "The address of the service inside the cluster.");
        Text("External-IP", ExternalAddresses, "Addresses of the service outside the cluster.");
        Text("Port(s)", service => CellTexts.OrNone(string.Join(',', (service.Spec?.Ports ?? []).Select(Port))), "The ports that the service exposes.");
        Age();
        WideText("Selector", service => CellTexts.Labels(service.Spec?.Selector), "Labels of the pods that the traffic goes to.");
    }

    private static string Port(V1ServicePort port) => port.NodePort is > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{port.Port}:{port.NodePort}/{port.Protocol}")
        : string.Create(CultureInfo.InvariantCulture, $"{port.Port}/{port.Protocol}");

    private static string ExternalAddresses(V1Service service)
    {
        var listed = service.Spec?.ExternalIPs ?? [];
        switch (service.Spec?.Type)
        {
            case "ClusterIP" or "NodePort":
                return CellTexts.OrNone(string.Join(',', listed));
            case "LoadBalancer":
                var given = LoadBalancers.Text((service.Status?.LoadBalancer?.Ingress ?? []).Select(i => ((string?)i.Ip, (string?)i.Hostname)));
                var all = string.Join(',', given.Length == 0 ? listed : listed.Prepend(given));
                return all.Length == 0 ? "<pending>" : all;
            case "ExternalName":
                return service.Spec.ExternalName ?? "";
            default:
                return "<unknown>";
        }
    }
}
