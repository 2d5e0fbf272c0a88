using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Store;
using GrainKube.Objects.Writes;
using Microsoft.Extensions.Logging;

namespace GrainKube.Scheduler.Scheduling;

/// <summary>Runs what goes on beside the loop. Whatever becomes of it, whoever waits for its end goes on: an error that passes is said, any other is a fault and starts the scheduler anew.</summary>
/// <param name="scheduler">Name of the scheduler.</param>
/// <param name="onFault">Starts it anew from the store: another has taken over, or something happened that nobody thought of.</param>
/// <param name="logger">Where it is said.</param>
internal sealed partial class Guard(string scheduler, Action onFault, ILogger logger)
{
    /// <param name="pod">The pod it is about.</param>
    /// <param name="deed">What is done, for the log: "bound to node-1".</param>
    /// <param name="act">Does it.</param>
    /// <returns>True where it was done.</returns>
    public async Task<bool> RunAsync(ObjectKey pod, string deed, Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (FenceBrokenException)
        {
            onFault();
        }
        catch (Exception error) when (error is ApiException or StoreException or TimeoutException or OperationCanceledException or Orleans.Runtime.OrleansException)
        {
            LogPassing(pod, deed, error.Message);
        }
        catch (Exception error)
        {
            Fault(error);
        }

        return false;
    }

    /// <summary>Something happened that nobody thought of.</summary>
    public void Fault(Exception error)
    {
        LogFault(scheduler, error);
        onFault();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Scheduler {Name} stops because of a fault and starts again")]
    private partial void LogFault(string name, Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Pod} could not be {Deed} now: {Why}")]
    private partial void LogPassing(ObjectKey pod, string deed, string why);
}
