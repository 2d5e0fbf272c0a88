using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiServer.Pipeline;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Audit;

/// <summary>The step of the pipeline that records requests: behind authentication, before everything that may refuse.</summary>
internal sealed class AuditTrail(RequestDelegate next, AuditLog log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var state = RequestState.Of(context);
        var decision = log.Policy.Decide(state.User, state.Info);
        if (decision.Level == AuditLevel.None)
        {
            await next(context);
            return;
        }

        var audit = state.Audit = new AuditEvent(log, decision, context, state);
        await audit.RecordAsync(AuditStages.RequestReceived);
        if (RequestBounds.IsLongRunning(state.Info))
        {
            context.Response.OnStarting(() =>
            {
                audit.Code = context.Response.StatusCode;
                return audit.RecordAsync(AuditStages.ResponseStarted).AsTask();
            });
        }

        try
        {
            await next(context);
            audit.Code = context.Response.StatusCode;
        }
        catch (Exception failure)
        {
            audit.Code = context.Response.StatusCode;
            audit.Annotate((failure as ApiException)?.AuditAnnotations);
            if (!context.Response.HasStarted)
            {
                audit.Refusal = ErrorAnswers.StatusOf(failure);
                audit.Answered(audit.Refusal.ToJson());
            }

            throw;
        }
        finally
        {
            await audit.RecordAsync(AuditStages.ResponseComplete);
        }
    }

    /// <summary>Records a request of somebody whom nobody knows.</summary>
    public static async ValueTask RefusedAsync(AuditLog log, HttpContext context, Status refusal)
    {
        var state = RequestState.Of(context);
        var decision = log.Policy.Decide(null, state.Info);
        if (decision.Level != AuditLevel.None)
        {
            var attempted = context.Request.Headers.Authorization.ToString() is { Length: > 0 } header ? $", attempted: {header.Split(' ')[0].ToLowerInvariant()}" : ", no credentials provided";
            await new AuditEvent(log, decision, context, state) { Refusal = refusal with { Message = $"Authentication failed{attempted}" } }.RecordAsync(AuditStages.ResponseStarted);
        }
    }
}
