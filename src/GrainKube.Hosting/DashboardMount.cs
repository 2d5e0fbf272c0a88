using Orleans.Dashboard;
using Microsoft.AspNetCore.Builder;

namespace GrainKube.Hosting;

/// <summary>The Orleans dashboard at <c>/dashboard</c>. It goes through the gateway's authentication and authorization like every other path.</summary>
internal static class DashboardMount
{
    public static void Map(WebApplication app, GrainKubeOptions options)
    {
        if (options.Dashboard)
        {
            app.MapOrleansDashboard("/dashboard");
        }
    }
}
