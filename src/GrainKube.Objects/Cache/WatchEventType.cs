namespace GrainKube.Objects.Cache;

/// <summary>What a watcher is told. A change of an object that enters or leaves a watcher's selection is an addition or a deletion to that watcher.</summary>
public enum WatchEventType
{
    Added,
    Modified,
    Deleted,
}
