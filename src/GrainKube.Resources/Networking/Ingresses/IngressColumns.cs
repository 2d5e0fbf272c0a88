using System.Globalization;
using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Networking.Ingresses;

internal sealed class IngressColumns : KindColumns<V1Ingress>
{
    public IngressColumns()
    {
        Name();
        Text("Class", Class, "The name of the IngressClass resource that should be used for additional configuration");
        Text("Hosts", Hosts, "Hosts that incoming requests are matched against before the ingress rule");
        Text("Address", Address, "Address is a list containing ingress points for the load-balancer");
        Text("Ports", item => item.Spec?.Tls is { Count: > 0 } ? "80, 443" : "80", "Ports of TLS configurations that open");
        Age();
    }

    private static string Class(V1Ingress item) => item.Spec?.IngressClassName
        ?? (item.Metadata?.Annotations is { } annotations && annotations.TryGetValue("kubernetes.io/ingress.class", out var old) ? old : CellTexts.None);

    private static string Hosts(V1Ingress item)
    {
        var rules = item.Spec?.Rules ?? [];
        var shown = rules.Take(3).Select(r => r.Host).Where(h => !string.IsNullOrEmpty(h)).ToList();
        return shown.Count == 0 ? "*"
            : rules.Count > 3 ? string.Create(CultureInfo.InvariantCulture, $"{string.Join(',', shown)} + {rules.Count - 3} more...") : string.Join(',', shown);
    }

    private static string Address(V1Ingress item) =>
        LoadBalancers.Text((item.Status?.LoadBalancer?.Ingress ?? []).Select(i => ((string?)i.Ip, (string?)i.Hostname)));
}
