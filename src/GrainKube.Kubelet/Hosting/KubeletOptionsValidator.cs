using System.Net;
using Microsoft.Extensions.Options;

namespace GrainKube.Kubelet.Hosting;

/// <summary>Names the bad property.</summary>
internal sealed class KubeletOptionsValidator : IValidateOptions<KubeletOptions>
{
    public ValidateOptionsResult Validate(string? name, KubeletOptions options)
    {
        var problems = new List<string>();
        if (!Path.IsPathRooted(options.RootDirectory))
        {
            problems.Add($"{nameof(options.RootDirectory)} must be an absolute path, not '{options.RootDirectory}'");
        }

        if (options.PodCidr.Length > 0)
        {
            Check(options.PodCidr, nameof(options.PodCidr), 8, 30);
        }

        Check(options.SimulatedPodCidr, nameof(options.SimulatedPodCidr), 8, 24);
        if (options.NodeIp.Length > 0 && !IPAddress.TryParse(options.NodeIp, out _))
        {
            problems.Add($"{nameof(options.NodeIp)} must be an address, not '{options.NodeIp}'");
        }

        if (options.MaxPods <= 0)
        {
            problems.Add($"{nameof(options.MaxPods)} must be positive");
        }

        if (options.SimulatedNodes < 0)
        {
            problems.Add($"{nameof(options.SimulatedNodes)} must not be negative");
        }

        if (options.LeaseDuration < TimeSpan.FromSeconds(30))
        {
            problems.Add($"{nameof(options.LeaseDuration)} must be at least 30 seconds");
        }

        problems.AddRange(((string?[])[options.Images.Complaint(), options.Eviction.Complaint()]).OfType<string>());
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void Check(string cidr, string property, int shortest, int longest)
        {
            if (!IPNetwork.TryParse(cidr, out var network) || network.PrefixLength < shortest || network.PrefixLength > longest
                || network.BaseAddress.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork)
            {
                problems.Add($"{property} must be an IPv4 range between /{shortest} and /{longest}, not '{cidr}'");
            }
        }
    }
}
