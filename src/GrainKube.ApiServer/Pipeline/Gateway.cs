using GrainKube.ApiServer.Audit;
using GrainKube.ApiServer.Authentication;
using GrainKube.ApiServer.Endpoints;
using GrainKube.ApiServer.FlowControl;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace GrainKube.ApiServer.Pipeline;

/// <summary>Puts the API server into a web application.</summary>
public static class Gateway
{
    /// <summary>
    /// The way of every request. What the application mapped besides (metrics, a dashboard) goes the same way up to authorization and is then left to it.
    /// </summary>
    public static IApplicationBuilder MapGrainKube(this IApplicationBuilder app)
    {
        app.UseWebSockets();
        app.Use(RememberClient);
        app.UseMiddleware<RequestTelemetry>();
        app.UseMiddleware<ErrorAnswers>();
        app.UseMiddleware<RequestBounds>();
        app.UseMiddleware<Authentication>();
        if (app.ApplicationServices.GetRequiredService<IServiceProviderIsService>().IsService(typeof(AuditLog)))
        {
            app.UseMiddleware<AuditTrail>();
        }

        if (app.ApplicationServices.GetRequiredService<IServiceProviderIsService>().IsService(typeof(Impersonator)))
        {
            app.UseMiddleware<Impersonation>();
        }

        app.UseMiddleware<PriorityAndFairness>();
        app.UseMiddleware<Authorization>();
        return app.UseMiddleware<Dispatch>();
    }

    private static Task RememberClient(HttpContext context, RequestDelegate next)
    {
        context.Features.Set(new ErrorAnswers.ClientGone(context.RequestAborted));
        return next(context);
    }

    /// <summary>The end of the way; what the application mapped is left to it. No scope of services is opened for a request of ours.</summary>
    private sealed class Dispatch(RequestDelegate next, Dispatcher dispatcher)
    {
        public Task InvokeAsync(HttpContext context) => context.GetEndpoint() is null ? dispatcher.DispatchAsync(context) : next(context);
    }
}
