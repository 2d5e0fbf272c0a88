using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Endpoints;
using GrainKube.Objects.Cache;

namespace GrainKube.ApiServer.Watches;

/// <summary>Turns changes into what one watcher sees: an object that begins or ceases to match its selectors is added or deleted for it.</summary>
internal sealed class WatchFilter(string ns, Selection selection)
{
    public void Pass(ObjectChange change, WatchOutput output)
    {
        if (ns.Length > 0 && change.Subject.Header.Namespace != ns)
        {
            return;
        }

        var before = Sees(change.Before);
        var after = Sees(change.After);
        if (after)
        {
            output.Write(change, before ? WatchEventType.Modified : WatchEventType.Added);
        }
        else if (before)
        {
            output.Write(change, WatchEventType.Deleted);
        }
    }

    private bool Sees(KubeObject? item) => item is not null && selection.Matches(item);
}
