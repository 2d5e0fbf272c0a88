using GrainKube.ApiMachinery.Objects;
using Microsoft.Extensions.Logging;

namespace GrainKube.Objects.Cache;

public sealed partial class WatchCache
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The watch of the store broke after revision {Revision}; resuming")]
    private partial void LogWatchFailed(Exception failure, long revision);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store has compacted what follows revision {Revision}; listing everything again")]
    private partial void LogRelisting(long revision);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store refused to {What}; trying again")]
    private partial void LogRetrying(Exception failure, string what);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Key} in the store is not an object of the API; what was known of it before stays: {Damage}")]
    private partial void LogUnreadable(ObjectKey key, string damage);

    [LoggerMessage(Level = LogLevel.Error, Message = "A subscriber to changes failed")]
    private partial void LogSubscriberFailed(Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "The objects of a kind that was registered late could not be loaded")]
    private partial void LogKindNotLoaded(Exception failure);
}
