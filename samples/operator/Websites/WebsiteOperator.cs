using GrainKube.Reconciliation;
using Microsoft.Extensions.DependencyInjection;

namespace Websites;

/// <summary>What a server with <c>--extension Websites.dll</c> takes in.</summary>
public sealed class WebsiteOperator : IClusterExtension
{
    public void AddTo(IServiceCollection services) => services.AddReconciler<WebsiteReconciler>();
}
