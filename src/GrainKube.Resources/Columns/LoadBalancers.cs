namespace GrainKube.Resources.Columns;

/// <summary>Addresses that a load balancer gave, as Services and Ingresses show them.</summary>
internal static class LoadBalancers
{
    /// <summary>Each address or host name once, sorted.</summary>
    public static string Text(IEnumerable<(string? Ip, string? Hostname)> points) => string.Join(
        ',',
        points.Select(p => string.IsNullOrEmpty(p.Ip) ? p.Hostname : p.Ip).Where(a => !string.IsNullOrEmpty(a)).Distinct().Order(StringComparer.Ordinal));
}
