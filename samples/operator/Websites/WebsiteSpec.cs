using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using GrainKube.Reconciliation.CustomResources;

namespace Websites;

/// <summary>What the author of a website wants.</summary>
public sealed class WebsiteSpec
{
    [Description("Content by file name, for example index.html."), MinLength(1)]
    public Dictionary<string, string> Pages { get; set; } = [];

    [Description("How many pods serve it."), DefaultValue(1), Range(0, 10), Column("Wanted")]
    public int Replicas { get; set; } = 1;

    [Description("The name under which it is reached from outside; empty for none."), Rule("self == '' || self.matches('^[a-z0-9.-]+$')", "must be a host name")]
    public string? Host { get; set; }
}
