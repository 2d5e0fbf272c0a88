using GrainKube.ApiMachinery.Errors;
using GrainKube.Objects.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GrainKube.ApiServer.Pipeline;

/// <summary>Turns every exception of the layers below into the <see cref="Status"/> that the client sees. Nothing else maps errors to HTTP.</summary>
internal sealed partial class ErrorAnswers(RequestDelegate next, ILogger<ErrorAnswers> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.Features.Get<ClientGone>() is { } client && client.Token.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
        catch (Exception error)
        {
            var status = StatusOf(error);
            if (status.Code >= 500)
            {
                LogFailed(error, context.Request.Method, context.Request.Path.Value, status.Code);
            }

            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            Responses.Warn(context, error is ApiException refused ? refused.Warnings : []);
            await Responses.StatusAsync(context, status);
        }
    }

    internal static Status StatusOf(Exception error) => error switch
    {
        ApiException api => api.Status,
        StoreException store => Of(store),
        OperationCanceledException => ApiException.Timeout("request did not complete within the allotted timeout").Status,
        TimeoutException => ApiException.Timeout("request did not complete within the allotted timeout").Status,
        SiloUnavailableException or OrleansMessageRejectionException => ApiException.ServiceUnavailable("the server of this object cannot be reached at the moment").Status with { RetryAfterSeconds = 1 },
        BadHttpRequestException { StatusCode: 413 } => ApiException.TooLarge("Request entity too large").Status,
        BadHttpRequestException bad => ApiException.BadRequest(bad.Message).Status,
        _ => ApiException.InternalError(error.Message).Status,
    };

    private static Status Of(StoreException store) => store.Error switch
    {
        StoreError.Unavailable => ApiException.ServiceUnavailable(store.Message).Status with { RetryAfterSeconds = 1 },
        StoreError.OutcomeUnknown => ApiException.Timeout(store.Message, retryAfterSeconds: 1).Status,
        StoreError.Compacted => ApiException.Expired("The resourceVersion for the provided list is too old.").Status,
        StoreError.FutureRevision => ApiException.Timeout(store.Message, retryAfterSeconds: 1).Status,
        StoreError.TooLarge => ApiException.TooLarge(store.Message).Status,
        _ => ApiException.InternalError(store.Message).Status,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed with {Code}")]
    private partial void LogFailed(Exception error, string method, string? path, int code);

    /// <summary>The connection's own token, kept because the pipeline replaces <see cref="HttpContext.RequestAborted"/> by one with a deadline.</summary>
    internal sealed record ClientGone(CancellationToken Token);
}
