META
key;value
description;What the village buys
unit;A village that is nowhere
num_projects;4
num_votes;7
vote_type;cumulative
max_sum_points;6
PROJECTS
project_id;cost;votes;score;name
well;900;4;13;A new well
bus;400;3;5;A bus on Sundays
oak;50;1;1;An oak; and a bench
sign;20;0;0;A sign
VOTES
voter_id;vote;points
1;well;6
2;well,bus;3,3
3;bus;1
4;bus,oak;1,1
5;well;2
6;well;2
7;;
